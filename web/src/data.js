// Reads the document that the writer of the report left in the page.

const arrayTypes = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
};

function bytesOf(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

const hostIsLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function swapBytes(bytes, size) {
  for (let i = 0; i < bytes.length; i += size) bytes.subarray(i, i + size).reverse();
}

/**
 * Decodes a column "TYPE:BASE64" of little-endian numbers.
 * @param {string} text
 */
export function decodeColumn(text, littleEndian = hostIsLittleEndian) {
  const colon = text.indexOf(':');
  const ArrayType = arrayTypes[text.slice(0, colon)];
  if (!ArrayType) throw new Error(`unknown column type '${text.slice(0, colon)}'`);
  const bytes = bytesOf(text.slice(colon + 1));
  if (!littleEndian) swapBytes(bytes, ArrayType.BYTES_PER_ELEMENT);
  return new ArrayType(bytes.buffer);
}

const ganttColumns = ['lane', 'job', 'cores', 'start_s', 'duration_s', 'wait_s', 'state'];

const replicaColumns = ['replica', 'fate'];
const trustColumns = [
  'time_s',
  'copies',
  'wrong_at_end_share',
  'wrong_at_first_share',
  'reputation_at_s',
  'reputation_honest',
  'reputation_hostile',
];

/** Parses the JSON text and decodes every column in it. */
export function parseReport(text) {
  const data = JSON.parse(text);
  if (data.schema !== 'nexa.report/1') throw new Error(`unknown schema '${data.schema}'`);
  data.load.queue = decodeColumn(data.load.queue);
  data.load.running = decodeColumn(data.load.running);
  for (const tier of data.load.tiers) tier.busy = decodeColumn(tier.busy);
  data.wait_ecdf.value_s = decodeColumn(data.wait_ecdf.value_s);
  data.wait_ecdf.fraction = decodeColumn(data.wait_ecdf.fraction);
  for (const name of ganttColumns) data.gantt[name] = decodeColumn(data.gantt[name]);
  // Of runs whose jobs are validated.
  for (const name of replicaColumns) {
    if (data.gantt[name]) data.gantt[name] = decodeColumn(data.gantt[name]);
  }
  if (data.trust) {
    for (const name of trustColumns) data.trust[name] = decodeColumn(data.trust[name]);
  }
  return data;
}
