# The story service. In Storyloom's folder, after mvn -DskipTests package:
#   docker build -f conf/docker/serve.Dockerfile -t storyloom-serve .
#   docker run --rm -p 127.0.0.1:8080:8080 -v /srv/storyloom:/srv/storyloom:ro storyloom-serve --home /srv/storyloom --set serve.host=0.0.0.0

# any Java 17 on a Linux with glibc
ARG JAVA_IMAGE=eclipse-temurin:17-jre
ARG MAVEN_IMAGE=maven:3.9-eclipse-temurin-17

FROM ${MAVEN_IMAGE} AS stores
# as in jobs.Dockerfile
ARG STORES="org.apache.hadoop:hadoop-aws:3.3.4 com.amazonaws:aws-java-sdk-bundle:1.12.262"
WORKDIR /stores
RUN mkdir jars && for artifact in $STORES; do \
      mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact="$artifact" -DoutputDirectory=jars || exit 1; \
    done

FROM ${JAVA_IMAGE}
# Hadoop asks the system for the name of its user.
RUN echo 'storyloom:x:10001:10001::/nonexistent:/usr/sbin/nologin' >> /etc/passwd
COPY --from=stores /stores/jars/ /opt/storyloom/stores/
COPY jobs/serve.jar conf/docker/serve LICENSE NOTICE /opt/storyloom/
# as bin/serve has it
ENV OMP_WAIT_POLICY=passive \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=1048576
EXPOSE 8080
USER 10001
ENTRYPOINT ["/opt/storyloom/serve"]
