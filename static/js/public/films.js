/** Cleaning films and sound: heavy, and brought when the first is chosen. */

import { remuxed } from "./films/remux.js";
import { offer } from "../bring.js";

offer("films", remuxed);
