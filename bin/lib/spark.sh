# shellcheck shell=bash disable=SC2034
# Sourced by the commands in bin/: where things lie, which Java and which Spark run, what is built.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"

say() { printf '%s\n' "$*" >&2; }

# die STATUS MESSAGE
die() {
  say "$2"
  exit "$1"
}

# resolved FILE: where the file lies that a chain of links leads to, as readlink -f says, which older systems lack.
resolved() {
  local file="$1" link
  while [[ -L $file ]]; do
    link="$(readlink "$file")"
    [[ $link == /* ]] || link="$(dirname "$file")/$link"
    file="$link"
  done
  printf '%s/%s' "$(cd -P "$(dirname "$file")" && pwd)" "$(basename "$file")"
}

# Finds Java 17, and sets $java_build to which, $java_quarter to a quarter of the memory that it sees (a container's limit counts), in MB.
require_java() {
  local java=java flags version
  [[ -z ${JAVA_HOME:-} ]] || java="$JAVA_HOME/bin/java"
  command -v "$java" >/dev/null || die 2 "Storyloom needs JDK 17, and there is no $java: install one, or set JAVA_HOME."
  flags="$("$java" -XX:+PrintFlagsFinal -version 2>&1)" || true
  version="$(sed -n 's/.* version "\([0-9]*\).*/\1/p' <<<"$flags")"
  [[ $version == 17 ]] || die 2 "Storyloom needs JDK 17, and $java is Java ${version:-unknown}: set JAVA_HOME to a JDK 17."
  java_build="$(sed -n '/ (build /{s/.* (build \([^,)]*\).*/\1/p;q;}' <<<"$flags")"
  java_quarter="$(($(sed -n 's/.* MaxHeapSize  *= *\([0-9]*\).*/\1/p' <<<"$flags") / 1048576))"
}

# Runs Maven in the project's directory, quietly.
maven() {
  local javac=javac
  [[ -z ${JAVA_HOME:-} ]] || javac="$JAVA_HOME/bin/javac"
  command -v mvn >/dev/null || die 2 "Storyloom is built with Maven, and there is no mvn on the PATH: install Maven 3.8 or later."
  command -v "$javac" >/dev/null || die 2 "Storyloom is built with a JDK, and there is no $javac beside Java: install JDK 17, not only its runtime."
  (cd "$root" && mvn -B -q "$@") </dev/null >&2
}

# Builds the jars where one is missing, or where the benchmarks', which Maven makes last, is older than what the jars are made of.
build() {
  local jobs="$root/jobs" last="$root/bench/target/storyloom-bench.jar"
  if [[ -f $jobs/train.jar && -f $jobs/generate.jar && -f $jobs/evaluate.jar && -f $jobs/tune.jar && -f $jobs/serve.jar && -f $last ]] &&
    [[ -z "$(cd "$root" && find pom.xml ./*/pom.xml ./*/src/main jobs/src/build -newer "$last")" ]]; then
    return
  fi
  say "Building Storyloom: mvn package without tests (the first time this downloads its libraries) …"
  maven -Dmaven.test.skip=true package || die 1 "Storyloom could not be built; what Maven says about it stands above."
}

# Sets $spark_submit, and $spark_home where it is known: $SPARK_HOME, the spark-submit on the PATH, or one assembled here.
find_spark() {
  local candidate="" other
  if [[ -n ${SPARK_HOME:-} ]]; then
    candidate="$SPARK_HOME/bin/spark-submit"
  else
    while read -r other; do
      [[ $other -ef $root/bin/spark-submit ]] || { candidate="$other" && break; }
    done < <(type -aP spark-submit)
  fi
  if [[ -n $candidate ]]; then
    spark_submit="$candidate"
    spark_home="$(dirname "$(dirname "$(resolved "$candidate")")")"
    ! fits "$spark_home" "$spark_submit" || return 0
    say "$candidate is not Spark 3.5 with Scala 2.12, so Storyloom's own under .spark/ is used."
  fi
  assemble_spark
}

# fits HOME SPARK_SUBMIT: is it Spark 3.5 with Scala 2.12? A home tells by its jars, anything else is asked, and has no $spark_home.
fits() {
  local core=("$1"/jars/spark-core_*.jar)
  if [[ -e ${core[0]} ]]; then
    [[ ${core[0]} == */spark-core_2.12-3.5.* ]]
  else
    spark_home=""
    [[ "$("$2" --version 2>&1)" =~ version\ 3\.5\..*Scala\ version\ 2\.12\. ]]
  fi
}

# A Spark home from Maven Central's jars, made aside and renamed: an interrupted one starts again.
assemble_spark() {
  local version part
  version="$(sed -n 's:.*<spark.version>\(.*\)</spark.version>.*:\1:p' "$root/pom.xml")"
  spark_home="$root/.spark/$version"
  spark_submit="$spark_home/bin/spark-submit"
  export SPARK_HOME="$spark_home"
  ! is_whole "$spark_home" || return 0

  say "Assembling Spark $version under .spark/ (once, about 270 MB) …"
  remove_abandoned "$root"/.spark/*.part.*
  part="$spark_home.part.$$"
  mkdir -p "$part"
  cp -R "$root/bin/spark/home/." "$part"
  maven -f bin/spark/pom.xml dependency:copy-dependencies -DincludeScope=provided "-DoutputDirectory=$part/jars" ||
    die 1 "Spark could not be assembled; what Maven says about it stands above. The next start tries again."
  if is_whole "$spark_home"; then
    rm -rf "$part"
  else
    rm -rf "$spark_home"
    mv "$part" "$spark_home"
  fi
}

# is_whole HOME: one that an older Storyloom has assembled lacks YARN and Kubernetes.
is_whole() { has_jar "$1" spark-yarn && has_jar "$1" spark-kubernetes; }

# has_jar HOME ARTIFACT
has_jar() {
  local jar=("$1/jars/$2"_2.12-*.jar)
  [[ -e ${jar[0]} ]]
}

# require_manager MASTER: has the Spark that was found what it needs to talk to the cluster?
require_manager() {
  local artifact name
  case "$1" in
    yarn) artifact=spark-yarn name=YARN ;;
    k8s://*) artifact=spark-kubernetes name=Kubernetes ;;
    *) return 0 ;;
  esac
  [[ -z $spark_home ]] || has_jar "$spark_home" "$artifact" ||
    die 2 "The Spark in $spark_home has no $name (jars/$artifact): set SPARK_HOME to one that has, or unset it to use Storyloom's own under .spark/."
  [[ $1 != yarn || -n "${HADOOP_CONF_DIR:-}${YARN_CONF_DIR:-}" ]] ||
    die 2 "YARN is found by the settings of its cluster: set HADOOP_CONF_DIR to the folder that has them (yarn-site.xml, core-site.xml)."
}

# remove_abandoned FILE.part.PID…: deletes what processes that are gone have left.
remove_abandoned() {
  local old
  for old in "$@"; do
    kill -0 "${old##*.}" 2>/dev/null || rm -rf "$old"
  done
}

# Sets $class_archive to the JVM options by which Spark's classes are there at once, instead of being read and checked anew by every
# start; empty where there is no such archive. It is recorded once for the Spark under .spark/ and this Java, and takes its place only
# when it is whole, because a JVM crashes on a part of one. An empty file says that it could not be recorded.
find_class_archive() {
  local archive="$spark_home/classes-$java_build.jsa" part java=java
  class_archive=""
  [[ $spark_home == "$root"/.spark/* && -f $root/jobs/train.jar ]] || return 0
  if [[ ! -e $archive && -w $spark_home ]]; then
    say "Recording Spark's classes, so that jobs start sooner (once) …"
    remove_abandoned "$spark_home"/*.part.*
    part="$archive.part.$$"
    [[ -z ${JAVA_HOME:-} ]] || java="$JAVA_HOME/bin/java"
    if SPARK_SUBMIT_OPTS="-XX:ArchiveClassesAtExit='$part' -Xlog:cds*=off" SPARK_LOCAL_IP=127.0.0.1 "$spark_submit" --driver-memory 1g \
      --driver-java-options "--add-modules=jdk.incubator.vector" --class storyloom.jobs.cluster.UsualClasses "$root/jobs/train.jar" &&
      "$java" -Xshare:on -XX:SharedArchiveFile="$part" -cp "$spark_home/conf:$spark_home/jars/*" -version; then
      mv "$part" "$archive"
    else
      rm -f "$part"
      : >"$archive"
    fi >/dev/null 2>&1
  fi
  [[ ! -s $archive ]] || class_archive="-XX:SharedArchiveFile='$archive' -Xlog:cds*=off"
}

# What every JVM gets that computes: threads of OpenMP that wait without spinning, and quiet logs where Spark has no settings for them.
export_environment() {
  local settings=("${SPARK_CONF_DIR:-$spark_home/conf}"/log4j2.*)
  export OMP_WAIT_POLICY="${OMP_WAIT_POLICY:-passive}"
  [[ -e ${settings[0]} ]] || export LOG4J_CONFIGURATION_FILE="${LOG4J_CONFIGURATION_FILE:-$root/conf/log4j2.properties}"
}

# split_options ARGUMENT…: parts the options of spark-submit by which file systems are reached, $submit_options, from the command's
# own arguments, $own_arguments.
split_options() {
  submit_options=()
  own_arguments=()
  while [[ $# -gt 0 ]]; do
    case "$1" in
      --packages | --repositories | --jars | --conf | -c | --properties-file)
        [[ $# -gt 1 ]] || die 2 "error: $1 needs a value"
        submit_options+=("$1" "$2")
        shift
        ;;
      --packages=* | --repositories=* | --jars=* | --conf=* | --properties-file=*) submit_options+=("${1%%=*}" "${1#*=}") ;;
      *) own_arguments+=("$1") ;;
    esac
    shift
  done
}

# properties FILE: the keys and values of a properties file, a line each.
properties() { [[ ! -f $1 ]] || sed -n 's/^[[:space:]]*\([^#![:space:]=:][^[:space:]=:]*\)[[:space:]=:][[:space:]=:]*\(.*[^[:space:]]\).*$/\1=\2/p' "$1"; }

# reach_stores OPTION VALUE…: what these options of spark-submit, your spark-defaults.conf and that in conf/ (the first that speaks of a
# key) say of file systems, for a Java without Spark: $store_properties, options of the JVM, and $store_path, jars with a colon before.
reach_stores() {
  local line defaults="${SPARK_CONF_DIR:-${spark_home:-${SPARK_HOME:-$root}}/conf}/spark-defaults.conf" jars="" packages="" all="" jar
  while [[ $# -gt 1 ]]; do
    case "$1" in
      --jars) jars="$2" ;;
      --packages) packages="$2" ;;
      --properties-file) defaults="$2" ;;
      --conf | -c) all+="$2"$'\n' ;;
    esac
    shift 2
  done
  all+="$(properties "$defaults")"$'\n'"$(properties "$root/conf/spark-defaults.conf")"
  store_properties=()
  while read -r line; do
    case "$line" in
      spark.jars=*) jars="${jars:-${line#*=}}" ;;
      spark.jars.packages=*) packages="${packages:-${line#*=}}" ;;
      spark.hadoop.*=*)
        [[ " ${store_properties[*]-}" == *" -D${line%%=*}="* ]] || store_properties+=("-D$line")
        ;;
    esac
  done <<<"$all"
  store_path=""
  while read -r jar; do
    jar="${jar#file:}"
    [[ -z $jar ]] || store_path+=":${jar/#\/\///}"
  done <<<"${jars//,/$'\n'}"
  [[ -z $packages ]] || store_path+=":$(package_jars "$packages")/*"
}

# package_jars PACKAGES: the folder of the jars of GROUP:ARTEFACT:VERSION,… and of what they need, which Maven brings once.
package_jars() {
  local place="$root/.spark/packages/${1//[:,\/ ]/_}" part coordinate group artefact version more
  if [[ ! -d $place ]]; then
    say "Bringing $1 to .spark/packages (once) …"
    remove_abandoned "$root"/.spark/packages/*.part.*
    part="$place.part.$$"
    mkdir -p "$part"
    {
      printf '%s' '<project><modelVersion>4.0.0</modelVersion><groupId>storyloom</groupId><artifactId>packages</artifactId>'
      printf '%s' '<version>1</version><packaging>pom</packaging><dependencies>'
      while read -r coordinate; do
        IFS=: read -r group artefact version more <<<"$coordinate"
        [[ -n $version && -z $more ]] || die 2 "error: --packages takes GROUP:ARTEFACT:VERSION,…, not \"$coordinate\""
        printf '<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>' "$group" "$artefact" "$version"
      done <<<"${1//,/$'\n'}"
      printf '%s' '</dependencies></project>'
    } >"$part/pom.xml"
    maven -f "$part/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime \
      "-DoutputDirectory=$part" || { rm -rf "$part" && die 2 "error: Maven cannot bring $1; what it says about it stands above"; }
    mv "$part" "$place" 2>/dev/null || rm -rf "$part"
  fi
  printf '%s' "$place"
}

# without_spark CLASS ARGUMENT…: a command that needs Spark's jars but no Spark at work, as a plain Java, which starts at once; by
# spark-submit where those jars are not known. $submit_options say how file systems beyond this machine are reached, or HADOOP_CONF_DIR.
without_spark() {
  local class="$1" java=java
  shift
  if [[ -z $spark_home ]]; then
    "$root/bin/spark-submit" ${submit_options[@]+"${submit_options[@]}"} --class "$class" "$root/jobs/train.jar" "$@"
    return
  fi
  export_environment
  reach_stores ${submit_options[@]+"${submit_options[@]}"}
  [[ -z ${JAVA_HOME:-} ]] || java="$JAVA_HOME/bin/java"
  "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${store_properties[@]+"${store_properties[@]}"} \
    -cp "${HADOOP_CONF_DIR:+$HADOOP_CONF_DIR:}$root/jobs/train.jar:$spark_home/jars/*$store_path" "$class" "$@"
}
