/**
 * The name of a book as the name of a file, and back. Small letters, digits, `-` and `_` stand for
 * themselves, any other byte of the UTF-8 as `%xx`: so two books never share a file, not even where
 * the file system does not tell capitals from small letters.
 */
const extension = ".jsonl";
const plain = /^[a-z0-9_-]$/;
/** Windows keeps these for devices, whatever their extension. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/;

const escaped = (byte: number): string => `%${byte.toString(16).padStart(2, "0")}`;

export const fileNameOf = (book: string): string => {
  const name = [...Buffer.from(book, "utf8")]
    .map((byte, index) => {
      const character = String.fromCharCode(byte);
      return plain.test(character) && !(index === 0 && reserved.test(book))
        ? character
        : escaped(byte);
    })
    .join("");
  return name + extension;
};

/** Undefined for a file that belongs to no book. */
export const bookOfFileName = (fileName: string): string | undefined => {
  if (!fileName.endsWith(extension)) return undefined;
  let book: string;
  try {
    book = decodeURIComponent(fileName.slice(0, -extension.length));
  } catch {
    return undefined;
  }
  return fileNameOf(book) === fileName ? book : undefined;
};
