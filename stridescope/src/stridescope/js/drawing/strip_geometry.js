// Geometry of a strip of bytes: which rows are drawn, where boxes start, how wide a byte is. The mirror of strip.py.

/** The largest power of two of bytes that fits in `width` px, at most 64. */
export function bytesPerRow(unit, width) {
  const least = Math.max(11, Math.ceil(24 / unit));
  return Math.min(64, 2 ** Math.floor(Math.log2(Math.max(1, Math.floor(width / least)))));
}

/** Which rows are drawn: all, or those of the bytes wanted and what follows the first. */
export function stripRows({ low, high, perRow, nbytes }, wanted, most) {
  const first = Math.floor(low / perRow);
  const last = Math.floor((high - 1) / perRow);
  const range = (a, b) => Array.from({ length: Math.max(0, b - a) }, (_, i) => a + i);
  if (last - first <= most) return range(first, last + 1);
  const asked = [...wanted, low, high - 1, 0, nbytes - 1].filter((b) => b >= low && b < high);
  const kept = [...new Set(asked.map((b) => Math.floor(b / perRow)))];
  const more = range(kept[0], Math.min(kept[0] + most, last + 1)).filter((r) => !kept.includes(r));
  return [...kept.slice(0, most), ...more.slice(0, Math.max(0, most - kept.length))].sort(
    (a, b) => a - b,
  );
}

/** First bytes of the boxes that touch a drawn row. */
export function boxStarts({ rows, perRow, unit, low, high }, phase) {
  const starts = new Set();
  for (const row of rows) {
    const from = Math.max(row * perRow, low);
    for (
      let p = from - ((((from - phase) % unit) + unit) % unit);
      p < Math.min((row + 1) * perRow, high);
      p += unit
    )
      starts.add(p);
  }
  return [...starts].sort((a, b) => a - b);
}

/** Width of a byte: the least, or more where values need it and the row has it. */
export function byteWidth({ unit, boxes, perRow }, width) {
  const longest = Math.max(1, ...[...boxes.values()].map((b) => b.value.length));
  const needed = Math.ceil((longest * 7 + 6) / unit);
  return Math.max(Math.max(11, Math.ceil(24 / unit)), Math.min(needed, Math.floor(width / perRow)));
}

/** Cut a run of bytes at the ends of rows; parts in rows not drawn are left out. */
export function stripPieces({ rows, perRow, u }, start, stop) {
  return rows.flatMap((row) => {
    const from = row * perRow;
    const a = Math.max(start, from);
    const b = Math.min(stop, from + perRow);
    return a < b
      ? [{ row, x: (a - from) * u, width: (b - a) * u, first: a === start, last: b === stop }]
      : [];
  });
}
