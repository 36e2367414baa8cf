/** The one table as a part of the script, never asked for: whoever could change it would choose whom words are sealed to. */

import table from "../../../whistle/core/workflow.json" with { type: "json" };

export const workflow = /** @type {import("./shapes.js").Workflow} */ (table);
