// Writes what a WHATWG parser, that of Node, takes texts for: node url-vectors.mjs TEXTS
// TEXTS is a file with one JSON string a line. For each, one line of JSON is printed: the text, and then scheme, user
// information, host, port and fragment, or "refused".
import {readFileSync} from 'node:fs';

for (const line of readFileSync(process.argv[2], 'utf8').trimEnd().split('\n')) {
  const text = JSON.parse(line);
  try {
    const url = new URL(text);
    const user = url.username + url.password;
    console.log(JSON.stringify([text, url.protocol, user, url.hostname, url.port, url.hash]));
  } catch {
    console.log(JSON.stringify([text, 'refused']));
  }
}
