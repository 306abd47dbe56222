# train.jar, generate.jar, evaluate.jar and tune.jar with a Spark, for Kubernetes or by hand. In Storyloom's folder, after
# mvn -DskipTests package:
#   docker build -f conf/docker/jobs.Dockerfile -t storyloom-jobs .
#   docker run --rm -v /srv:/srv storyloom-jobs /opt/storyloom/submit train.jar --set home=/srv/storyloom --set corpus.path=/srv/corpus

# any Spark 3.5 with Scala 2.12 and Java 17, such as your cluster's
ARG SPARK_IMAGE=apache/spark:3.5.9-scala2.12-java17-ubuntu
ARG MAVEN_IMAGE=maven:3.9-eclipse-temurin-17

FROM ${MAVEN_IMAGE} AS stores
# What file systems beyond HDFS need, as Maven names it, of the Hadoop in that Spark; docs/deploy.md has those of other stores.
ARG STORES="org.apache.hadoop:hadoop-aws:3.3.4 com.amazonaws:aws-java-sdk-bundle:1.12.262"
WORKDIR /stores
RUN mkdir jars && for artifact in $STORES; do \
      mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact="$artifact" -DoutputDirectory=jars || exit 1; \
    done

FROM ${SPARK_IMAGE}
COPY --from=stores /stores/jars/ /opt/spark/jars/
COPY jobs/train.jar jobs/generate.jar jobs/evaluate.jar jobs/tune.jar conf/docker/submit LICENSE NOTICE /opt/storyloom/
COPY conf/ /opt/storyloom/conf/
# Kubernetes puts settings of its own in the place of Spark's conf/, so that the log's are named here.
ENV LOG4J_CONFIGURATION_FILE=/opt/storyloom/conf/log4j2.properties \
    OMP_WAIT_POLICY=passive
# the user of Spark's own images, by number, so that Kubernetes sees that it is not root
USER 185
