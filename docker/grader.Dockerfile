# nbgrader-isolate with bubblewrap, for grading on a server.
# Build it in the folder above: docker build -f docker/grader.Dockerfile -t ndarray-grader .
# Run it in a course's folder:
#   docker run --rm --volume "$PWD:/course" --security-opt seccomp=unconfined \
#     --security-opt apparmor=unconfined --security-opt systempaths=unconfined ndarray-grader doctor
# docs/hub.md says why these options are needed.
FROM ubuntu:24.04@sha256:561618e2c15bf2397621dd04f96926663a3b5616c189cf7e38db7e82f5c538ea

SHELL ["/bin/bash", "-o", "pipefail", "-c"]
ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
# hadolint ignore=DL3008
RUN apt-get update --yes \
    && apt-get install --yes --no-install-recommends bubblewrap ca-certificates python3 python3-venv \
    && apt-get clean \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.lock /opt/grader/requirements.lock
COPY autograder /opt/grader/autograder
# the grader's own requirements, in the versions and with the digests of the lock
RUN python3 -m venv /opt/grader/venv \
    && /opt/grader/venv/bin/python -m pip install --no-cache-dir --no-deps --require-hashes \
        -r /opt/grader/requirements.lock \
    && /opt/grader/venv/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation \
        /opt/grader/autograder \
    && useradd --create-home --uid 2000 grader

ENV PATH="/opt/grader/venv/bin:${PATH}"
USER 2000
WORKDIR /course
HEALTHCHECK --interval=1m --timeout=30s --start-period=10s CMD ["nbgrader-isolate", "--version"]
ENTRYPOINT ["nbgrader-isolate"]
CMD ["doctor"]
