/**
 * The client of a page: loaded by `course.js` on the first press of Run or Edit.
 */
import { Cells } from "./cells.js";
import { Engine } from "./engine.js";
import { loadScript } from "./parts.js";
import { startWork } from "./work.js";

/** @returns {Promise<Cells>} */
async function startCells() {
  const page = document.body.dataset.lesson ?? "";
  await loadScript(`live/${self.courseLive.cells[page]}`);
  const cells = new Cells(self.liveCells ?? [], new Engine(self.courseLive, "lessons"), page);
  addHelp();
  await cells.recall();
  return cells;
}

/** What the editors' descriptions refer to. */
function addHelp() {
  const help = document.createElement("p");
  help.id = "editing-keys";
  help.className = "unseen";
  help.textContent = "Shift and Enter run the cell. Escape leaves the editor.";
  document.querySelector("main")?.append(help);
}

if (document.body.dataset.lesson) {
  const cells = startCells();
  self.courseLive.act = async (button) => (await cells).act(button);
}
startWork();
