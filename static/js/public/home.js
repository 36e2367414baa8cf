/** The front page: the frame, and the code box with the case in place, so that no code ever travels between pages. */

import { startCase } from "./case/start.js";
import { startShell } from "./shell/start.js";

startCase(startShell());
