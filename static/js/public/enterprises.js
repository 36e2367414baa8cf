/** The list of enterprises: comes when their field is first touched. */

import { offer } from "../bring.js";
import { startCombo } from "../combo.js";

offer("enterprises", startCombo);
