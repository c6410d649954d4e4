# The platform: loaders, models, publication, and the schedule that runs them. The image holds no setting and no secret.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates make python3 python3-venv tini tzdata \
    && rm -rf /var/lib/apt/lists/* \
    # The number is fixed: the volumes' files keep their owner from one version to the next.
    && useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin usine
WORKDIR /app
ENV HOME=/tmp \
    LANG=C.UTF-8 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONUNBUFFERED=1
# The packages change less often than the code. Here the lock is the one without what only tests and demo need.
COPY Makefile profiles.yml.example ./
COPY requirements-run.lock requirements.lock
RUN make setup
COPY . .
# All that it writes to. Large files on their way are spooled to TMPDIR, a disk's rather than a tmpfs's.
RUN install --directory --owner=usine --group=usine logs spool target
ENV TMPDIR=/app/spool
USER 10001:10001
# What `make` adds to the environment, too: the secrets that stand in files.
ENTRYPOINT ["tini", "--", ".venv/bin/python", "-m", "common.dotenv"]
CMD [".venv/bin/python", "-m", "operation", "schedule"]
