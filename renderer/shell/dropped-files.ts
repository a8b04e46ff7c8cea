/** The files of a drop: those that were dropped, and those inside dropped folders. */

/** A folder of more is a mistake rather than data. */
const MOST_FILES = 1000;

/** Call it in the handler itself: afterwards a browser has forgotten what was dropped. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return [...transfer.files];
  const files: File[] = [];
  for (const entry of entries) await collect(entry, files);
  return files;
}

async function collect(entry: FileSystemEntry, into: File[]): Promise<void> {
  // Hidden files of file managers are nobody's data.
  if (into.length >= MOST_FILES || entry.name.startsWith('.')) return;
  if (entry.isFile) {
    into.push(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives its entries in pieces, and an empty one at the end.
    const inner = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (inner.length === 0) return;
    for (const one of inner) await collect(one, into);
  }
}
