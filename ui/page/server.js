// Calls to the HTTP API; what it refuses becomes an Error with its own words.

import { word } from "./words.js";

export async function call(path, method = "GET", body = undefined) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: body && { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
  } catch (error) {
    throw new Error(word("failed", error.message));
  }
  return said(response.status, await response.text());
}

/** Send one file; `progress` hears which share has been sent. Resolves to its outcomes. */
export function upload(file, progress) {
  const form = new FormData();
  form.append("files", file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell how far a body has been sent
    request.open("POST", "documents");
    request.upload.onprogress = (event) => progress(event.loaded / event.total);
    request.onerror = () => reject(new Error(word("failed", file.name)));
    request.onload = () => {
      try {
        resolve(said(request.status, request.responseText).outcomes);
      } catch (error) {
        reject(error);
      }
    };
    request.send(form);
  });
}

function said(status, text) {
  let body;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Error(word("failed", status));
  }
  if (status === 401) throw new Error(word("locked"));
  if (body.error) throw new Error(`${body.error.message} ${body.error.hint}`.trim());
  return body;
}
