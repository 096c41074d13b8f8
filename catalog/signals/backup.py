"""Alerts about backups: those that failed, and those that nobody made.

A job that fails and then succeeds is no alert, and one that failed days ago is none either; a
schedule that never once succeeded is counted from its beginning.
"""

from __future__ import annotations

from catalog.signals.alert import Alert, Proof

HOURS = 3600
DAY = 26 * HOURS
"""A daily backup, and two hours of patience."""
_JOB = '{namespace="mlops-platform",job_name="database-backup-1"%s}'
_FAILED = "kube_job_failed" + _JOB % ',condition="true"'
_STARTED = "kube_job_status_start_time" + _JOB % ""
_CRONJOB = '{namespace="mlops-platform",cronjob="database-backup"}'
_LAST = f"kube_cronjob_status_last_successful_time{_CRONJOB}"
_CREATED = f"kube_cronjob_created{_CRONJOB}"
_SUSPENDED = f"kube_cronjob_spec_suspend{_CRONJOB}"
REPLICATES = "platform:database_replicates"
"""Recorded figure of the stack file: 1 beside a database that only replicates, 0 elsewhere."""
_AWAKE = (
    f" unless on (namespace, cronjob) (kube_cronjob_spec_suspend == 1 and on () {REPLICATES} == 1)"
)
"""A standby's dumps are suspended until a failover; anywhere else somebody forgot them."""
_SCHEDULE = '{schedule="daily"}'
_SAVED = f"velero_backup_last_successful_timestamp{_SCHEDULE}"
_TRIED = f"velero_backup_attempt_total{_SCHEDULE}"

BACKUP = (
    Alert(
        name="BackupJobFailed",
        # Of Jobs that have given up, not of pods that failed on the way to a success.
        expression='(kube_job_failed{condition="true",job_name=~".*backup.*"} > 0)'
        " and on (namespace, job_name)"
        f" (time() - kube_job_status_start_time < {6 * HOURS})",
        or_else=(
            "increase(velero_backup_failure_total[1h]) > 0",
            "increase(velero_backup_partial_failure_total[1h]) > 0",
        ),
        severity="critical",
        service="backup",
        summary="A backup failed: {{ $labels.job_name }}{{ $labels.schedule }}",
        action="Read the job's log, or `velero backup logs`; then run the backup again and see "
        "it succeed.",
        dashboard="platform-overview",
        hold=0,
        proof=Proof(
            fires={_FAILED: "0x10 1x20", _STARTED: "60x30"},
            also=(
                {f"velero_backup_failure_total{_SCHEDULE}": "0x10 1x20"},
                {f"velero_backup_partial_failure_total{_SCHEDULE}": "0x10 1x20"},
            ),
            quiet={
                # A pod failed and its successor did not; an older job has long given up.
                "kube_job_status_failed" + _JOB % "": "1x30",
                _FAILED: "0x30",
                _STARTED: "60x30",
                _FAILED.replace("backup-1", "backup-0"): "1x30",
                _STARTED.replace("backup-1", "backup-0"): f"{-7 * HOURS}x30",
                f"velero_backup_failure_total{_SCHEDULE}": "2x30",
            },
        ),
    ),
    Alert(
        name="VolumeBackupFailed",
        expression="increase(velero_volume_snapshot_failure_total[1h]) > 0",
        severity="warning",
        service="backup",
        summary="Velero could not take a snapshot of a volume",
        action="Describe the backup: the driver, its key or a snapshot limit is named there.",
        dashboard="platform-overview",
        hold=0,
        proof=Proof(
            fires={'velero_volume_snapshot_failure_total{schedule="daily"}': "0x10 1x20"},
            quiet={'velero_volume_snapshot_failure_total{schedule="daily"}': "1x30"},
        ),
    ),
    Alert(
        name="BackupMissing",
        expression="time() - max by (schedule)"
        f' (velero_backup_last_successful_timestamp{{schedule!=""}}) > {DAY}',
        or_else=(
            # Velero counts a schedule's attempts from its beginning, from none on.
            (
                "(time() - max by (schedule)"
                f' (timestamp(velero_backup_attempt_total{{schedule!=""}} offset {DAY}s)))'
                " unless on (schedule) velero_backup_last_successful_timestamp"
            ),
            (
                "time() - max by (namespace, cronjob)"
                f' (kube_cronjob_status_last_successful_time{{cronjob=~".*backup.*"}}) > {DAY}'
                f"{_AWAKE}"
            ),
            (
                "(time() - max by (namespace, cronjob)"
                f' (kube_cronjob_created{{cronjob=~".*backup.*"}}) > {DAY})'
                " unless on (namespace, cronjob) kube_cronjob_status_last_successful_time"
                f"{_AWAKE}"
            ),
        ),
        severity="critical",
        service="backup",
        summary="No successful backup for {{ $value | humanizeDuration }}: "
        "{{ $labels.schedule }}{{ $labels.cronjob }}",
        action="See whether the schedule is paused and why the last run failed; start one now.",
        dashboard="platform-overview",
        hold=10,
        proof=Proof(
            fires={_SAVED: "3600x200", _TRIED: "1x200"},
            also=(
                {_TRIED: "0x200"},
                # Of a primary, where nobody may suspend them unnoticed.
                {_LAST: "3600x200", _CREATED: "0x200", _SUSPENDED: "1x200", REPLICATES: "0x200"},
                {_CREATED: "0x200", _SUSPENDED: "0x200", REPLICATES: "1x200"},
            ),
            quiet={
                _SAVED: "90000x200",
                _TRIED: "1x200",
                _LAST: "90000x200",
                _CREATED: "0x200",
                # A standby's dumps wait for a failover.
                _CREATED.replace("database-", "sleeping-"): "0x200",
                _SUSPENDED.replace("database-", "sleeping-"): "1x200",
                REPLICATES: "1x200",
            },
            at=28 * 60,
            every=10,
        ),
    ),
)
