// What outlives a reload: in this browser, and nowhere else.

const MOST_TURNS = 30;
let works = true;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(`yuanwen-${key}`));
  } catch {
    return null;
  }
}

function readList(key) {
  const found = read(key);
  return Array.isArray(found) ? found : []; // whatever somebody has put there
}

function write(key, value) {
  try {
    localStorage.setItem(`yuanwen-${key}`, JSON.stringify(value));
    works = true;
  } catch {
    works = false; // it is full, or forbidden
  }
}

/** Whether the last thing was stored. */
export const stored = () => works;

export const savedTurns = () => readList("turns");
export const saveTurns = (turns) => write("turns", turns.slice(-MOST_TURNS));
export const savedRatings = () => readList("ratings");
export const saveRatings = (ratings) => write("ratings", ratings);
export const savedChoice = read;
export const saveChoice = write;
