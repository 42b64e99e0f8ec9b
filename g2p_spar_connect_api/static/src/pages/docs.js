/* The contract, drawn by Swagger UI from our own files. */
(function () {
    "use strict";

    /* The token is kept in the field alone: leaving the page forgets it. */
    function addToken(request) {
        const token = document.getElementById("token").value.trim();
        const url = new URL(request.url, window.location.href);
        if (token && url.origin === window.location.origin) {
            request.headers.Authorization = `Bearer ${token}`;
        }
        return request;
    }

    async function draw() {
        const response = await fetch("/spar/v1/openapi.json");
        const spec = await response.json();
        /* Swagger UI knows the dialect of OpenAPI alone by name; the schemas of the
           contract use nothing that it lacks. */
        delete spec.jsonSchemaDialect;
        window.SwaggerUIBundle({ spec, ...options });
    }

    const options = {
        dom_id: "#docs",
        deepLinking: true,
        docExpansion: "list",
        defaultModelsExpandDepth: 0,
        displayRequestDuration: true,
        validatorUrl: null,
        requestInterceptor: addToken,
        presets: [window.SwaggerUIBundle.presets.apis],
        layout: "BaseLayout",
    };
    draw();
})();
