#!/bin/sh
# Airflow's tables and its one user, whose password is that of the environment each time.
# `airflow users` asks for a password and reads the answer here: an option would show it
# to everybody who lists the processes.
set -eu
: "${AIRFLOW_USER:?}" "${AIRFLOW_PASSWORD:?}"

answers() {
    printf '%s\n%s\n' "$AIRFLOW_PASSWORD" "$AIRFLOW_PASSWORD"
}

airflow db migrate
answers | airflow users create --role Admin --username "$AIRFLOW_USER" \
    --firstname Airflow --lastname Admin --email "$AIRFLOW_USER@localhost.localdomain"
answers | airflow users reset-password --username "$AIRFLOW_USER"
