# The program in an image, for a machine with Docker; the office's own folder stays outside of it, where the command works.
#
#     docker build -t city-briefs .
#     docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/office" city-briefs build
#
# In a new folder, `init .` instead of `build` comes first, and then `demo`. The Chinese fonts come with the program. The services of
# docs/operations.md are the same commands, by timers of the host (keys and passwords with --env-file city-briefs.env):
#
#     due --log
#     deliver --drafts --send
#     status --alert --page --metrics outputs/status.prom
#     serve                                                 # with --network host; goes on running
FROM python:3.11-slim AS wheels
WORKDIR /source
COPY requirements.lock ./
# What builds the wheel is named by the lock too, and so is the installer.
RUN python -m venv /opt/briefs && /opt/briefs/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml hatch_build.py README.md LICENSE briefs.toml ./
COPY lib lib
COPY notebooks notebooks
COPY data/reference data/reference
RUN /opt/briefs/bin/python -m pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim
COPY --from=wheels /opt/briefs /opt/briefs
COPY LICENSE LICENCES.md /opt/briefs/share/doc/city-briefs/
COPY sbom /opt/briefs/share/doc/city-briefs/sbom
RUN useradd --create-home briefs && install --directory --owner briefs /office
# What Jupyter and matplotlib keep for themselves, for whichever user it is run as.
ENV PATH="/opt/briefs/bin:$PATH" HOME=/tmp LANG=C.UTF-8
USER briefs
WORKDIR /office
ENTRYPOINT ["briefs"]
