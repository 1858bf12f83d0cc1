# The API and the worker are one image with two commands (docker-compose.yml). Migrations are a third.
FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Only what runs: no development packages, and so no embedded servers and no simulator.
RUN npm ci --omit=dev

FROM packages AS client
COPY prisma ./prisma
COPY prisma.config.ts ./
# Generating needs no schema engine, but the command looks for one; any file satisfies it.
RUN PRISMA_SCHEMA_ENGINE_BINARY=/app/package.json npx prisma generate

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json tsconfig.json ./
COPY domain ./domain
COPY workflows ./workflows
COPY activities ./activities
COPY store ./store
COPY providers ./providers
COPY runtime ./runtime
COPY temporal ./temporal
COPY workers ./workers
COPY api ./api
COPY scripts/migrate.ts ./scripts/migrate.ts
COPY --from=client /app/prisma ./prisma
USER node
EXPOSE 3000
CMD ["node", "--import", "tsx", "workers/main.ts"]
