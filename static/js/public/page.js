/** Pages that only tell: the common frame, and the stop where the poster names another zone. */

import { pinnedZone, startShell } from "./shell/start.js";

pinnedZone(startShell());
