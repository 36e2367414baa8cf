/** The change of language, brought when somebody asks for it. */

import { offer } from "../bring.js";
import { changeLanguage } from "./shell/language.js";

offer("language", changeLanguage);
