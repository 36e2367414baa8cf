/** One case, once the code box is touched. */

import { startCase } from "./case/start.js";
import { startShell } from "./shell/start.js";

startCase(startShell());
