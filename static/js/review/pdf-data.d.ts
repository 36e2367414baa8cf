// What the build makes of pdf.js: see build.mjs.

declare module "pdf-data" {
  /** Contents by file name, as base64. */
  export const files: Record<string, string>;
}
declare module "pdfjs-dist/legacy/build/pdf.worker.mjs";
