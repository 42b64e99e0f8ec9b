// npm's oidc-provider, certified by the OpenID Foundation, set up as eSignet is.
//
//   node provider.mjs FOLDER    where FOLDER holds the npm packages
//
// Its settings are the first line of the standard input: {"port": 1, "clients": […]},
// clients as OpenID Connect registers them. It prints "ready" when it answers, listens
// on loopback only, and ends when the standard input does.

import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const LOOPBACK = "127.0.0.1";
const CODE = "111111";
const RELYING_PARTY = "openg2p-auth-partner";
const BY_CODE = "mosip:idp:acr:generated-code";
const BY_FINGER = "mosip:idp:acr:biometrics";
const PAGES = "/login/";
/** Where it may refuse the portal; each refusal is one line on the standard error. */
const PLACES = ["authorization", "grant", "pushed_authorization_request", "userinfo"];
const LOGIN = `<p><label>ID number <input id="number" name="number"></label></p>
  <p><label>Code <input id="code" name="code"></label></p>
  <p><label><input id="finger" name="finger" type="checkbox"> Finger</label></p>
  <p><button id="go-on">Continue</button></p>`;
const CONSENT = `<p><button id="allow" name="answer" value="allow">Allow</button>
  <button id="deny" name="answer" value="deny">Refuse</button></p>`;

const [folder] = process.argv.slice(2);
const library = pathToFileURL(`${folder}/oidc-provider/lib/index.js`);
const { default: Provider, interactionPolicy } = await import(library);

/** A private key for one algorithm, as eSignet has one for its own tokens and the
 * identity system another for user data. */
function newKey(alg) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: alg, alg, use: "sig" };
}

/** Nobody stays logged in: each request asks for a proof anew. */
function freshLogins() {
  const { base, Check } = interactionPolicy;
  const policy = base();
  const isProven = ({ oidc }) =>
    oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
  policy.get("login").checks.add(new Check("each", "Each login is new", isProven));
  return policy;
}

/** Somebody for every number. */
function findAccount(ctx, number) {
  const claims = {
    sub: number,
    name: `Person ${number}`,
    birthdate: "1984/11/30",
    email: `${number}@example.org`,
    phone_number: "+254711000099",
  };
  return { accountId: number, claims: () => claims };
}

function pairwiseIdentifier(ctx, number) {
  return createHash("sha3-256").update(number + RELYING_PARTY).digest("base64url");
}

/** eSignet takes no assertion without a time, nor one that lives for long. */
function assertJwtClientAuthClaimsAndHeader(ctx, { iat, exp }) {
  if (!(exp - iat <= 600)) {
    throw new Error("The assertion says no time, or lives for too long.");
  }
}

function settingsOf(clients) {
  return {
    clients,
    findAccount,
    pairwiseIdentifier,
    assertJwtClientAuthClaimsAndHeader,
    jwks: { keys: ["PS256", "RS256"].map(newKey) },
    cookies: { keys: [randomBytes(32).toString("hex")] },
    acrValues: [BY_CODE, BY_FINGER],
    claims: {
      profile: ["name", "birthdate"],
      email: ["email"],
      phone: ["phone_number"],
    },
    clientAuthMethods: ["private_key_jwt"],
    clockTolerance: 5,
    enabledJWA: {
      clientAuthSigningAlgValues: ["PS256", "RS256"],
      dPoPSigningAlgValues: ["ES256"],
      idTokenSigningAlgValues: ["PS256"],
      userinfoEncryptionAlgValues: ["RSA-OAEP-256"],
      userinfoEncryptionEncValues: ["A256GCM"],
      userinfoSigningAlgValues: ["RS256"],
    },
    features: {
      claimsParameter: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true },
      encryption: { enabled: true },
      jwtUserinfo: { enabled: true },
      pushedAuthorizationRequests: { enabled: true },
    },
    interactions: {
      policy: freshLogins(),
      url: (ctx, { uid }) => PAGES + uid,
    },
    pkce: { methods: ["S256"], required: () => true },
    responseTypes: ["code"],
    routes: {
      authorization: "/authorize",
      jwks: "/.well-known/jwks.json",
      pushed_authorization_request: "/v1/esignet/oauth/par",
      token: "/v1/esignet/oauth/v2/token",
      userinfo: "/v1/esignet/oidc/userinfo",
    },
    subjectTypes: ["pairwise"],
    ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 3600, IdToken: 300,
      Interaction: 600, Session: 3600 },
  };
}

/** What the person's form says, as the library wants to be told. */
async function judge(provider, details, form) {
  if (details.prompt.name === "consent") {
    return form.get("answer") === "allow"
      ? { consent: { grantId: await grant(provider, details) } }
      : { error: "access_denied", error_description: "The person refused." };
  }
  const isKnown = form.get("number") && form.get("code") === CODE;
  const acr = form.get("finger") ? BY_FINGER : BY_CODE;
  return isKnown && { login: { accountId: form.get("number"), acr, remember: false } };
}

async function grant(provider, { grantId, prompt, params, session }) {
  const { accountId } = session;
  const given = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId, clientId: params.client_id });
  given.addOIDCScope(prompt.details.missingOIDCScope?.join(" ") ?? "");
  given.addOIDCClaims(prompt.details.missingOIDCClaims ?? []);
  return given.save();
}

/** The provider's own pages: who one is, and what may be told. */
async function serve(provider, request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method === "POST") {
    let body = "";
    for await (const part of request.setEncoding("utf8")) body += part;
    const result = await judge(provider, details, new URLSearchParams(body));
    if (result) {
      await provider.interactionFinished(request, response, result);
      return;
    }
  }
  const fields = details.prompt.name === "consent" ? CONSENT : LOGIN;
  response.setHeader("Content-Type", "text/html; charset=utf-8");
  response.end(`<!DOCTYPE html><title>Login</title><form method="post">${fields}</form>`);
}

function start({ port, clients }) {
  const provider = new Provider(`http://${LOOPBACK}:${port}`, settingsOf(clients));
  for (const place of PLACES) {
    provider.on(`${place}.error`, (ctx, { error, error_detail: detail }) =>
      console.error(`${place} ${error} ${detail ?? ""}`.trim()));
  }
  provider.on("server_error", (ctx, error) => console.error("server", error));
  const answer = provider.callback();
  const server = createServer((request, response) => {
    if (!request.url.startsWith(PAGES)) {
      answer(request, response);
      return;
    }
    serve(provider, request, response).catch((error) => {
      console.error("page", error);
      response.writeHead(500).end();
    });
  });
  server.listen(port, LOOPBACK, () => console.log("ready"));
}

createInterface({ input: process.stdin })
  .once("line", (line) => start(JSON.parse(line)))
  .once("close", () => process.exit());
