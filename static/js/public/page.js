/** Pages that only tell: the common frame and nothing else. */

import { startShell } from "./shell/start.js";

startShell();
