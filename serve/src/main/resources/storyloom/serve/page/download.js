/**
 * Has the browser save a text as a file.
 *
 * @param {string} name of the file
 * @param {string} text
 * @param {string} type of media
 */
export function download(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
