// What outlives a reload: in this browser, and nowhere else. Each tab has a conversation of its own,
// and a new one begins with what was said last.

const MOST_TURNS = 30;
let works = true;

function read(key, where = localStorage) {
  try {
    return JSON.parse(where.getItem(`yuanwen-${key}`));
  } catch {
    return null;
  }
}

const list = (found) => (Array.isArray(found) ? found : []); // whatever somebody has put there

function write(key, value, where = localStorage) {
  try {
    where.setItem(`yuanwen-${key}`, JSON.stringify(value));
    works = true;
  } catch {
    works = false; // it is full, or forbidden
  }
}

/** Whether the last thing was stored. */
export const stored = () => works;

export const savedTurns = () => list(read("turns", sessionStorage) ?? read("turns"));
export function saveTurns(turns) {
  const last = turns.slice(-MOST_TURNS);
  write("turns", last, sessionStorage);
  write("turns", last);
}
export const savedRatings = () => list(read("ratings"));
export const saveRatings = (ratings) => write("ratings", ratings);
export const savedChoice = (key) => read(key);
export const saveChoice = (key, value) => write(key, value);
