# The image of Postern; docs/container.md says how it is run.
#
#   docker build --tag postern .
#
# Both base images may be named by --build-arg. The build image brings Maven and a JDK 25, the
# runtime image glibc and a shell (bin/postern is a script) and nothing else that is needed.
ARG BUILD_IMAGE=docker.io/library/maven:3.9.16-eclipse-temurin-25
ARG RUNTIME_IMAGE=docker.io/library/debian:13.5-slim

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
# A layer of what Maven downloads, kept as long as the pom stays as it is. The one source in it
# makes Maven fetch the compiler's plugins, too.
COPY pom.xml ./
RUN mkdir -p src/main/java \
    && echo 'package fetch; class Fetch {}' > src/main/java/Fetch.java \
    && mvn --batch-mode --no-transfer-progress -Dmaven.test.skip -Dexec.skip package \
    && rm -r src target
COPY LICENSE ./
COPY src/build src/build
COPY src/main src/main
RUN mvn --batch-mode --no-transfer-progress -Dmaven.test.skip package \
    && mkdir -p state/postern

FROM ${RUNTIME_IMAGE}
# Group 0 may write here, for user ids that are chosen when it is run; a volume takes over both.
COPY --from=build --chown=65532:0 --chmod=0775 /build/state/ /var/lib/
# With its times, which its AOT cache is tied to.
COPY --from=build /build/target/postern/ /opt/postern/

# The state directory unless the configuration names another: $XDG_STATE_HOME/postern.
ENV PATH=/opt/postern/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    XDG_STATE_HOME=/var/lib
USER 65532:65532
EXPOSE 9000 9443 9300
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/opt/postern/bin/postern", "healthcheck"]
ENTRYPOINT ["/opt/postern/bin/postern"]
CMD ["serve"]

ARG VERSION=unknown
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="Postern" \
      org.opencontainers.image.description="A small, fast caching sidecar between Traefik's ForwardAuth and an identity provider." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
