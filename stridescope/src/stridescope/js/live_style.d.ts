/** The style of the live forms: `live.css`, which `runtime/bundle.py` puts into the front end. */
export const LIVE_STYLE: string;
