"""Loads and builds at their times, for ever: `make schedule`, in a container or by hand; `make job JOB=logs` does one job once.

A job is a list of make targets, which are run as a person would run them. Three of them, by `SCHEDULE_LOGS`, `SCHEDULE_ERP` and
`SCHEDULE_DAILY`: crontab expressions separated by `;`, in the time zone `SCHEDULE_TIMEZONE`; an empty value switches a job off.

What a container needs to know: the process takes SIGTERM and SIGINT, ends what is at work and itself within ten seconds, and exits
with 0. `python -m schedule health` exits with 1 where the process is dead or hangs: it looks at the time of the file
`schedule.heartbeat` in `LOG_DIR`, which the schedule touches every minute. Messages go to standard error and to `schedule.log` in
`LOG_DIR`; what the targets say goes to the same standard output and error.
"""
