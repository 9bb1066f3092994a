// `predict` live: one question.

import { lastAnswer, replyOf } from "../controls/answer_log.js";
import { questionOf } from "../controls/question.js";

/** @import { PredictState, View } from "../types.js" */

/**
 * Mount one prediction; an earlier answer of this reader is shown again.
 * @param {View} view
 * @param {PredictState} state
 */
export function mountPredict(view, state) {
  for (const part of [view.readout, view.controls]) part.remove();
  const before = lastAnswer(state.key) ?? replyOf(view.model, state.key) ?? state.before;
  view.picture.append(questionOf(state, view, before));
}
