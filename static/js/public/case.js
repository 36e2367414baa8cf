/** The page of one case, and the code box of the front page once it is touched. */

import { startCase } from "./case/start.js";
import { startShell } from "./shell/start.js";

startCase(startShell());
