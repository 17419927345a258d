// CDK's own validation of templates takes seconds and is not tested here. `npm run demo` runs with it.
process.env.CDK_VALIDATION = 'false';

// Tests request only local servers, so proxy settings must not apply.
for (const name of ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']) delete process.env[name];
