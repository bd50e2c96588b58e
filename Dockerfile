# Two stages: the first builds the wheel with styles, scripts and texts; the second only runs it.
FROM python:3.13-slim-bookworm AS build
WORKDIR /source
COPY requirements requirements
RUN python -m venv /build \
    && /build/bin/pip install --quiet --require-hashes -r requirements/uv.txt \
    && /build/bin/uv venv --quiet /app \
    && VIRTUAL_ENV=/app /build/bin/uv pip install --quiet --compile-bytecode \
        --require-hashes -r requirements/run.txt
COPY . .
RUN PATH=/build/bin:$PATH scripts/setup \
    && .venv/bin/hatchling build -t wheel -d /wheel \
    && VIRTUAL_ENV=/app /build/bin/uv pip install --quiet --compile-bytecode --no-deps /wheel/*.whl

FROM python:3.13-slim-bookworm
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends fontconfig fonts-noto-cjk \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --uid 10001 --create-home --home-dir /data tasuki
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH TASUKI_HOME=/data PYTHONUNBUFFERED=1
USER tasuki
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", \
    "import urllib.request as r; r.urlopen('http://localhost:8000/readyz', timeout=4)"]
CMD ["tasuki", "serve", "--host", "0.0.0.0"]
