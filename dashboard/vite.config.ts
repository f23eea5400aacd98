// The ALTERNATIVE to `./bundle`, for those who have Node and npm and want hot reloading: `npm install && npm run vite`.
// What is served by `herald serve`, and tested, is built by esbuild (`make dashboard`, see ./bundle); nothing else depends on this file.
import { defineConfig } from "vite";

// Where `herald serve` listens; its API is passed on, so that the page finds it relative to itself.
const sidecar = process.env.HERALD_SIDECAR ?? "http://127.0.0.1:8300";
const api = ["/predict", "/predictions", "/decisions", "/metrics", "/queues", "/quarantine", "/events", "/models", "/train", "/health", "/session"];

export default defineConfig({
  esbuild: { jsx: "automatic" },
  server: { proxy: Object.fromEntries(api.map((path) => [path, sidecar])) },
  build: { outDir: "dist", assetsInlineLimit: 0 },
});
