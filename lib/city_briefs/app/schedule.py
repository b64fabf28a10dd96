"""Packs by the calendar, as Dagster has it: the assets snapshot → results → packs → drafts → attention.

A region and month is a partition of packs.

    briefs schedule --daemon     makes packs by the calendar
    briefs schedule              shows the page, behind a guard (`schedule_page`)

Both have the settings of `lib/city_briefs/app/schedule.yaml`.

It loads on a machine without data, and whatever the data is like: what is wrong with it is said, and mailed, by the run that meets it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from city_briefs.app import build_packs, incremental, machine_state, prune, status, status_page
from city_briefs.app.selection import held, opened, packs_of
from city_briefs.common import clock, files, paths, regions
from city_briefs.common.blocks import ClaimRecord, claims_of
from city_briefs.common.errors import BriefError, DataError, DeliveryError, missing_extra
from city_briefs.common.language import chosen
from city_briefs.common.periods import Period, ended, ending_with
from city_briefs.production.build.outcome import PackOutcome
from city_briefs.production.delivery import service, warning
from city_briefs.production.editions import content, manifest
from city_briefs.production.packs import packs_toml

try:
    import dagster as dg
except ImportError:
    raise missing_extra("The schedule", "schedule", "定时任务") from None

SETTINGS, ZONE = paths.settings().schedule, paths.settings().timezone
RETRY = dg.RetryPolicy(max_retries=SETTINGS.retries, delay=SETTINGS.pause)
RANGE_START, RANGE_END = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"
PAGE = re.compile(rb"/Type\s*/Page\b")


def _names() -> list[str]:
    """The names of the regions that packs are made for: those of the snapshot, or those that come along while there is none."""
    try:
        listed = regions.known(paths.data())
    except (BriefError, OSError):  # the run says what is wrong with them
        listed = regions.read(paths.reference() / "regions.csv")
    levels = {level for pack in packs_toml.packs().values() for level in pack.levels}
    return [region.name for region in listed.all if region.level in levels]


NAMES = _names()
PARTITIONS = dg.MultiPartitionsDefinition(
    {
        "period": dg.MonthlyPartitionsDefinition(f"{SETTINGS.since}-01", timezone=ZONE, fmt="%Y-%m"),
        "region": dg.StaticPartitionsDefinition(NAMES),
    }
)


def _key(period: Period, region: str) -> dg.MultiPartitionKey:
    return dg.MultiPartitionKey({"period": period.months[-1], "region": region})


@dg.asset(
    retry_policy=RETRY,
    check_specs=[
        dg.AssetCheckSpec("sealed", asset="snapshot", description="Every table is as it was written."),
        dg.AssetCheckSpec("without_warnings", asset="snapshot", description="No row was taken with a warning."),
    ],
)
def snapshot() -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """The snapshot that is read, every hash of it compared."""
    try:
        loaded = opened()
    except DataError as error:
        yield dg.AssetCheckResult(check_name="sealed", passed=False, description=str(error))
        raise
    sealed = incremental.source(loaded).sealed
    warnings = {f"{table}: {rule}": rows for table, rules in sealed["findings"].items() for rule, rows in rules.items()}
    counts = {name: table.rows for name, table in loaded.descriptions.items()}
    yield dg.MaterializeResult(
        metadata={"snapshot": loaded.id, "ingested_at": loaded.stamp["ingested_at"], **counts},
        check_results=[
            dg.AssetCheckResult(check_name="sealed", passed=True, metadata=sealed["tables"]),
            dg.AssetCheckResult(
                check_name="without_warnings", passed=not warnings, severity=dg.AssetCheckSeverity.WARN, metadata=warnings
            ),
        ],
    )


@dg.asset(deps=[snapshot], retry_policy=RETRY)
def results() -> None:
    """Every metric by region and month, computed once for all packs and kept with the outputs."""
    incremental.results(opened()).compute()


@dg.asset(
    deps=[results],
    partitions_def=PARTITIONS,
    backfill_policy=dg.BackfillPolicy.single_run(),
    retry_policy=RETRY,
    check_specs=[
        dg.AssetCheckSpec("figures_given", asset="packs", description="No figure was refused."),
        dg.AssetCheckSpec("claims_earned", asset="packs", description="No claim was refused."),
    ],
)
def packs(context: dg.AssetExecutionContext) -> Iterator[dg.AssetMaterialization | dg.MaterializeResult[None]]:
    """The packs of some regions and months, as `briefs build` makes them: one plan and one build, however many partitions."""
    done = _build(context.partition_keys)
    made: dict[str, list[StandingPack]] = {}
    for outcome in done:
        made.setdefault(_key(outcome.request.period, outcome.request.region.name), []).append(StandingPack(outcome))
    complete = {key: _metadata(of_key) for key, of_key in made.items() if not any(pack.outcome.error for pack in of_key)}
    if len(complete) < len(made):  # those that stand are shown as such, although the run fails
        for key, metadata in complete.items():
            yield dg.AssetMaterialization("packs", metadata=metadata, partition=key)
    build_packs.check(done)
    for key, metadata in complete.items():
        context.add_asset_metadata(metadata, partition_key=key)
    every = [pack for of_key in made.values() for pack in of_key]
    figures = _check("figures_given", {pack.name: len(pack.figures_refused) for pack in every})
    claims = _check("claims_earned", {pack.name: len(pack.claims_refused) for pack in every})
    yield dg.MaterializeResult(check_results=[figures, claims])


def _build(keys: Sequence[str]) -> list[PackOutcome]:
    """What became of the packs of these partitions; the keys of a run are always some regions of some months, each of each."""
    loaded = opened()
    asked = [PARTITIONS.get_partition_key_from_str(str(key)).keys_by_dimension for key in keys]
    months = [Period(int(partition["period"][:4]), int(partition["period"][5:])) for partition in asked]
    asked_regions = [loaded.regions.find(partition["region"]) for partition in asked]
    periods = [period for month in months for period in ending_with(held(loaded, month, complete=True))]
    return build_packs.order(loaded, packs_of(), asked_regions, periods, paths.outputs()).build()


@dg.asset(deps=[packs], retry_policy=RETRY)
def drafts() -> None:
    """What `briefs deliver --drafts --send` sends to the reviewers, each once, where any is named; then `briefs prune --delete`."""
    if paths.recipients().exists() and service.deliver(service.Request(drafts=True, send=True)).failures:
        raise DeliveryError(
            chosen(
                "Not every draft could be delivered. The log of the run says which.",
                "有送审稿未能送达，详见本次运行的日志。",
            )
        )
    out = paths.outputs().absolute()
    prune.remove(prune.found(out, clock.today()), out)


@dg.asset(
    deps=[drafts],
    retry_policy=RETRY,
    check_specs=[dg.AssetCheckSpec("nothing_needs_attention", asset="attention", description="As `briefs status` has it.")],
)
def attention(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
    """What `briefs status` says, a line each, which is written as a page too; runs that are as old as logs may be are forgotten."""
    forget_runs(context.instance, paths.settings().retention.logs)
    out, day = paths.outputs().absolute(), clock.today()
    matters = status.matters(opened(), out, day)
    lines = [*(matter.text for matter in matters), *machine_state.warnings(out)]
    written = status_page.write(out, matters, day)
    metadata = {"page": dg.MetadataValue.url(written.as_uri()), "lines": dg.MetadataValue.text("\n".join(lines))}
    check = dg.AssetCheckResult(passed=not lines, severity=dg.AssetCheckSeverity.WARN, metadata={"lines": len(lines)})
    yield dg.MaterializeResult(metadata=metadata, check_results=[check])


def forget_runs(instance: dg.DagsterInstance, days: int) -> int:
    """Take away what Dagster has kept of runs that ended and were begun so many days ago, and say how many; none when it is 0.

    What they made stands in the outputs. Their partitions are shown as not made any more.
    """
    if not days:
        return 0
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
    records = instance.get_run_records(dg.RunsFilter(statuses=ended, created_before=clock.now() - timedelta(days)))
    for record in records:
        instance.compute_log_manager.delete_logs(prefix=[record.dagster_run.run_id])
        instance.delete_run(record.dagster_run.run_id)
    return len(records)


class StandingPack:
    """A pack that stands, as its manifest and its notebooks describe it."""

    def __init__(self, outcome: PackOutcome) -> None:
        self.outcome, self.request = outcome, outcome.request

    @property
    def name(self) -> str:
        """What tells it from the other packs of a run."""
        return f"{self.request.name} {self.request.pack.id}"

    @cached_property
    def entry(self) -> dict[str, Any]:
        """What its manifest says of it."""
        return manifest.read(self.request.folder)[self.request.pack.id]

    @property
    def figures_refused(self) -> list[Any]:
        """The figures that may not be given."""
        return self.entry["refusals"]

    @cached_property
    def claims_refused(self) -> list[ClaimRecord]:
        """The claims that were not earned."""
        notebooks = [self.request.folder / name for name in self.entry["outputs"] if name.endswith(".ipynb")]
        shown = [block for notebook in notebooks for block in content.blocks(json.loads(files.read_text(notebook)))]
        return [claim for block in shown for claim in claims_of(block) if claim["refused"]]

    @property
    def pages(self) -> int:
        """The pages of its PDF."""
        return len(PAGE.findall(files.read_bytes(self.request.folder / f"{self.request.pack.id}.pdf")))


def _metadata(made: Sequence[StandingPack]) -> dict[str, Any]:
    """What the page of a partition says of its packs."""
    metadata: dict[str, Any] = {
        "snapshot": made[0].entry["snapshot"]["id"],
        "pages": sum(standing.pages for standing in made),
        "figures refused": sum(len(standing.figures_refused) for standing in made),
        "claims refused": sum(len(standing.claims_refused) for standing in made),
    }
    for standing in made:
        pack = standing.request.pack.id
        number, pages, figures = standing.entry["edition"], standing.pages, len(standing.figures_refused)
        claims = len(standing.claims_refused)
        metadata[pack] = chosen(
            f"edition {number}; pages: {pages}; refused: {figures} figures, {claims} claims",
            f"第{number}版，{pages}页；不予表述：数字{figures}个，结论{claims}条",
        )
        metadata |= {
            f"{pack}.{kind}": dg.MetadataValue.url((standing.request.folder / f"{pack}.{kind}").as_uri())
            for kind in ("html", "pdf")
        }
    return metadata


def _check(name: str, refused: dict[str, int]) -> dg.AssetCheckResult:
    """Whether nothing was refused, and in which packs how much was; a refusal is an answer, and no reason to stop."""
    some = {pack: count for pack, count in refused.items() if count}
    return dg.AssetCheckResult(check_name=name, passed=not some, severity=dg.AssetCheckSeverity.WARN, metadata=some)


JOB = dg.define_asset_job("briefs", description="Packs of some regions and months, from the snapshot that lies there.")


@dg.schedule(
    job=JOB,
    cron_schedule=SETTINGS.cron,
    execution_timezone=ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def monthly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Asks for every pack whose period ended with the month before, as one run."""
    period = ended(context.scheduled_execution_time.astimezone(ZoneInfo(ZONE)).date())
    first, last = _key(period, NAMES[0]), _key(period, NAMES[-1])
    return dg.RunRequest(run_key=period.slug, tags={RANGE_START: first, RANGE_END: last})


@dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=10)
def failure(context: dg.RunFailureSensorContext) -> None:
    """Mails why a run failed, whoever asked for it, after it was tried again as often as it is."""
    tags = context.dagster_run.tags
    asked = tags.get("dagster/partition") or chosen(" to ", "至").join(
        tags[name] for name in (RANGE_START, RANGE_END) if name in tags
    )
    failed = [event.step_failure_data.error for event in context.get_step_failure_events()]
    sentences = [_sentence(error) for error in failed if error] or [str(context.failure_event.message)]
    packs = asked.replace("|", " ")
    warning.not_made(chosen(f"packs of {packs}", f"{packs}的简报") if asked else context.dagster_run.job_name, sentences)


def _sentence(error: Any) -> str:
    """What went wrong in a step, as the error said it; its class too when it is none of ours."""
    message: str = (error.cause or error).message.strip()
    return re.sub(r"^city_briefs\.common\.errors\.\w+: ", "", message)


definitions = dg.Definitions(
    assets=[snapshot, results, packs, drafts, attention],
    jobs=[JOB],
    schedules=[monthly],
    sensors=[failure],
    executor=dg.in_process_executor,
)
