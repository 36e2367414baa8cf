/** The page of one case. */

import { startCase } from "./case/start.js";
import { startShell } from "./shell/start.js";

startCase(startShell());
