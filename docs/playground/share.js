// What is asked, as a few hundred letters that fit into a link, and back.

async function through(bytes, stream) {
  const flow = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(flow).arrayBuffer());
}

export async function pack(asked) {
  const bytes = await through(JSON.stringify(asked), new CompressionStream("deflate-raw"));
  const letters = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// Throws if the letters are not those of what was asked.
export async function unpack(letters) {
  const source = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(source, (letter) => letter.charCodeAt(0));
  const text = new TextDecoder().decode(await through(bytes, new DecompressionStream("deflate-raw")));
  const asked = JSON.parse(text);
  const texts = [asked.order, asked.supply, asked.queue, asked.at, asked.zone, ...Object.values(asked.policy)];
  if (!texts.every((item) => typeof item === "string")) throw new TypeError("not what was asked");
  return asked;
}
