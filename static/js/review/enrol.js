/** The page of an invitation: one officer, once. */

import { startEnrolment } from "./people/enrol.js";
import { secureHere } from "./start.js";
import { block, setWords } from "./words.js";

setWords(block("words"));
if (secureHere()) startEnrolment();
