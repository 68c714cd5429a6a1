# not pinned: a build on a machine without a registry brings its base under this name; `npm run pin-images` writes the digest
FROM node:24.21.0-bookworm-slim AS build
# From `npm run build-args`; a build without them says so in its labels.
ARG LOCKFILE_SHA256=unknown
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN [ "$LOCKFILE_SHA256" = unknown ] || echo "$LOCKFILE_SHA256  package-lock.json" | sha256sum --check --quiet
RUN npm ci --include=dev
COPY nest-cli.json tsconfig.json .swcrc ./
COPY scripts scripts
COPY src src
RUN npm run build && node scripts/sbom.mjs sbom.cdx.json
# The image has its own Node, so the one in the lockfile goes, too.
RUN npm ci --omit=dev --omit=optional

# not pinned: a build on a machine without a registry brings its base under this name; `npm run pin-images` writes the digest
FROM node:24.21.0-bookworm-slim
ARG REVISION=unknown
ARG LOCKFILE_SHA256=unknown
LABEL org.opencontainers.image.title=whatsapp-calling-gateway \
      org.opencontainers.image.licenses=MIT \
      org.opencontainers.image.revision=$REVISION \
      org.opencontainers.image.base.name=docker.io/library/node:24.21.0-bookworm-slim \
      whatsapp-calling-gateway.lockfile.sha256=$LOCKFILE_SHA256 \
      whatsapp-calling-gateway.node=24.21.0 \
      whatsapp-calling-gateway.sbom=/app/sbom.cdx.json
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=3000 \
    DATABASE_URL=sqlite:/data/gateway.db
WORKDIR /app
COPY --from=build /app/package.json /app/sbom.cdx.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# What the gateway serves at /docs and lists in /llms.txt.
COPY docs docs
# sqlite:./data/gateway.db, the path of .env.example, lies on the volume as well.
RUN mkdir --mode=0700 /data && chown node:node /data && ln -s /data /app/data
# `simulator` as the command, or `--entrypoint simulator`: the simulator alone, at the same HOST and PORT.
RUN printf '#!/bin/sh\nexec node --enable-source-maps /app/dist/simulator/main.js\n' >/usr/local/bin/simulator && chmod 0755 /usr/local/bin/simulator
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "dist/main.js"]
