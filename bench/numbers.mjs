export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Three figures that matter, as people read them. */
export const short = (value) =>
  Number.isInteger(value) ? value.toLocaleString('en') : Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 3 });
