# The platform: loaders, models, publication, and the schedule that runs them. The image has no settings and no secrets.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates make python3 python3-venv tini tzdata \
    && rm -rf /var/lib/apt/lists/* \
    # A fixed number, so that files in the volumes keep their owner in later versions.
    && useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin usine
WORKDIR /app
ENV HOME=/tmp \
    LANG=C.UTF-8 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONUNBUFFERED=1
# Before the code, because packages change less often. This lock has no packages that only tests and demo need.
COPY Makefile profiles.yml.example ./
COPY requirements-run.lock requirements.lock
RUN make setup
COPY . .
# The folders that it writes to. Large temporary files go to TMPDIR on a disk, not to a tmpfs.
RUN install --directory --owner=usine --group=usine backups logs spool target
ENV TMPDIR=/app/spool
USER 10001:10001
# Like `make`, this adds the secrets in files to the environment.
ENTRYPOINT ["tini", "--", ".venv/bin/python", "-m", "common.dotenv"]
CMD [".venv/bin/python", "-m", "operation", "schedule"]
