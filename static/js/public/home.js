/** The front page and the page of the code box: light, until the box is touched. */

import { startLookup } from "./lookup.js";
import { startShell } from "./shell/start.js";

startLookup(startShell());
