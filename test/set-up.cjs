// CDK's own validation of templates takes seconds and isn't what is tested; `npm run demo` runs with it.
process.env.CDK_VALIDATION = 'false';
