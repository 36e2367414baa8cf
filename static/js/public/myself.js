/** The quiet word beside the boxes of a case: comes once a case is open. */

import { offer } from "../bring.js";
import { watchMyself } from "./shell/myself.js";

offer("myself", watchMyself);
