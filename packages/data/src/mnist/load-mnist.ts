import { ArgumentError } from "@myelin/tensor";
import { digitsFrom, type MnistDigits } from "./digits.js";

/** A file as bytes, or where it lies. Either may be compressed with gzip. */
export type FileSource = Uint8Array | ArrayBuffer | URL | string;

/** Files in the IDX format, for example `train-images-idx3-ubyte`. */
export interface MnistSources {
  readonly images: FileSource;
  readonly labels: FileSource;
}

/**
 * Loads images and labels from bytes or addresses, for browsers and for sets of the same form (Fashion-MNIST, KMNIST):
 *
 *     const test = await loadMnist({ images: "/t10k-images-idx3-ubyte.gz", labels: "/t10k-labels-idx1-ubyte.gz" });
 *
 * Uncompressed bytes are used as they are, without a copy. Throws `ArgumentError` when an address does not answer with a
 * file, `DataFormatError` when a file is not what it should be.
 */
export async function loadMnist({ images, labels }: MnistSources): Promise<MnistDigits> {
  const [imageFile, labelFile] = await Promise.all([bytesOf(images), bytesOf(labels)]);
  return digitsFrom(imageFile, labelFile);
}

async function bytesOf(source: FileSource): Promise<Uint8Array> {
  const bytes =
    source instanceof Uint8Array
      ? source
      : new Uint8Array(source instanceof ArrayBuffer ? source : await download(source));
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? decompress(bytes) : bytes;
}

async function download(address: URL | string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (response.ok) return response.arrayBuffer();
  throw new ArgumentError("loadMnist", `a file at ${address}`, `status ${response.status}`);
}

async function decompress(bytes: Uint8Array): Promise<Uint8Array> {
  const body = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(body).arrayBuffer());
}
