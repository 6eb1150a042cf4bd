# The daemon, for amd64 and arm64: everything it needs comes as wheels for both, pinned by the lock.
#   docker buildx build --platform linux/amd64,linux/arm64 -t spryhound:0.1.0 .

FROM python:3.13-slim-bookworm AS build
WORKDIR /source
COPY requirements.lock ./
RUN python -m venv /opt/spryhound \
    && /opt/spryhound/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
    && /opt/spryhound/bin/pip install --no-cache-dir --no-deps /wheels/*.whl

FROM python:3.13-slim-bookworm
RUN groupadd --gid 10001 spryhound \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data spryhound \
    && install -d -o 10001 -g 10001 /data /config
COPY --from=build /opt/spryhound /opt/spryhound
ENV PATH=/opt/spryhound/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8640
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8640/health', timeout=3)"]
ENTRYPOINT ["spryhound"]
CMD ["run", "--config", "/config/spryhound.toml"]
