/** The front page: light for whoever only reads it. */

import { startLookup } from "./lookup.js";
import { startShell } from "./shell/start.js";

startLookup(startShell());
