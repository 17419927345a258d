// CDK's own validation of templates takes seconds and isn't what is tested; `npm run demo` runs with it.
process.env.CDK_VALIDATION = 'false';

// What the tests ask for is on this machine, whatever proxy there is.
for (const name of ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy']) delete process.env[name];
