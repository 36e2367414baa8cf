/** The page of the report form. */

import { startReport } from "./report/start.js";
import { startShell } from "./shell/start.js";

startReport(startShell());
