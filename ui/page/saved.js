// What outlives a reload: in this browser, and nowhere else.

const MOST_TURNS = 30;
let works = true;

function read(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(`yuanwen-${key}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
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

export const savedTurns = () => read("turns", []);
export const saveTurns = (turns) => write("turns", turns.slice(-MOST_TURNS));
export const savedRatings = () => read("ratings", []);
export const saveRatings = (ratings) => write("ratings", ratings);
export const savedChoice = (name) => read(name, null);
export const saveChoice = write;
