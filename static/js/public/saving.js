/** The code as pictures: come while she reads her words once more, before she needs them. */

import { offer } from "../bring.js";
import { codeOf, pictureOf } from "./saving/picture.js";

offer("saving", { codeOf, pictureOf });
