"""What a plan is watched for: its kinds of alert, and what the owner reads of each."""

from analysis.model.kinds import AlertKind, by_name
from analysis.model.owner_notes import QUIETER_CIRCUMSTANCES

PLAN_KINDS = by_name(
    AlertKind(
        name="activity_cap",
        is_momentary=True,
        has_end=False,
        title=(
            "{dog}: {used_min:whole} of {cap_min:whole} active minutes used",
            "{dog} nears the limit of today's plan",
        ),
        about="activity above the plan",
        seen=(
            (
                "{dog} was active for {used_min:whole} of the {cap_min:whole} minutes that "
                "today's plan allows."
            ),
            "{dog} has used most or all of the active minutes that today's plan allows.",
        ),
        advice=("Time for rest now, unless your vet said otherwise.",),
        usual=(
            (
                "The plan goes up to {plan_min:whole} minutes, but slowly: last week was "
                "{last_week_min:whole} a day."
            ),
            (
                "The plan goes up to {held_plan_min:whole} minutes, but after the setback of "
                "last week it stays here."
            ),
            (
                "The plan goes up to {unsure_plan_min:whole} minutes, but too little is known "
                "of last week to go on."
            ),
            "The limit is that of the plan in your settings.",
        ),
        certainty=(
            (
                "How sure: quite, of the minutes that the collar was worn; what it missed "
                "comes on top."
            ),
        ),
        limit="A collar cannot see who led the walk, or how {dog} felt on it.",
    ),
    AlertKind(
        name="walk_too_long",
        is_momentary=True,
        has_end=False,
        title=(
            "{dog}: stop here, {walked_min:whole} minutes walked, {planned_min:whole} planned",
            "{dog}: time to end this walk",
        ),
        about="a walk longer than the plan",
        seen=(
            "This walk has lasted {walked_min:whole} minutes; the plan says {planned_min:whole}.",
            "This walk is longer than the plan says.",
        ),
        advice=("Let {dog} rest here, then carry {dog} home if you can.",),
        usual=("The minutes run from the first steps to the last, short stops included.",),
        certainty=(
            (
                "How sure: to about two minutes. Walking from room to room for as long looks "
                "the same."
            ),
        ),
        limit="A collar cannot see who led the walk, or how {dog} felt on it.",
    ),
    AlertKind(
        name="too_many_walks",
        is_momentary=True,
        has_end=False,
        title=(
            "{dog}: walk number {walks:whole} today, {planned:whole} are planned",
            "{dog}: more walks than planned",
        ),
        about="more walks than the plan",
        seen=(
            "{dog} went for walk number {walks:whole} today; the plan says {planned:whole}.",
            "{dog} went for more walks today than the plan says.",
        ),
        advice=("Leave it at that for today, but for short trips to the tree.",),
        usual=("A walk is a stretch of walking; stops of up to three minutes do not end it.",),
        certainty=("How sure: not very. Walking about at home can look like a walk.",),
        limit="A collar cannot see whether {dog} was outside.",
    ),
    AlertKind(
        name="missed_walks",
        explained_by=QUIETER_CIRCUMSTANCES,
        title=(
            "{dog}: {walks:whole} of {planned:whole} walks seen",
            "{dog}: fewer walks than planned",
        ),
        about="fewer walks than the plan",
        seen=(
            "The collar saw {walks:whole} of the {planned:whole} walks that the plan asks for.",
            "{dog} went for fewer walks than the plan says.",
        ),
        advice=("See how {dog} stands and walks. If that is fine, keep to the walks of the plan.",),
        over="{dog} goes for the walks of the plan again.",
        usual=("Short controlled walks are part of the plan: too much rest does harm too.",),
        certainty=(
            "How sure: not very. A walk of a minute or two to the next tree is not counted.",
        ),
        limit="A collar cannot tell a dog that may not walk from one that cannot.",
    ),
    AlertKind(
        name="too_much_rest",
        explained_by=QUIETER_CIRCUMSTANCES,
        title=("{dog} rests more than the plan asks for",),
        about="too much rest",
        seen=(
            (
                "{dog} walked for {active_min:whole} minutes on the last day; the plan asks "
                "for at least {least_min:whole}. Seen over the last {days:days}."
            ),
            "{dog} walked for less than the plan asks for.",
        ),
        advice=(
            (
                "See whether {dog} can stand and walk. If so, take the short walks of the "
                "plan; if not, go to a vet now."
            ),
        ),
        over="{dog} walks as much as the plan asks for again.",
        usual=(
            "Too much rest does harm too: muscles and bowels need the short walks of the plan.",
        ),
        certainty=(
            "How sure: quite. Only days on which the collar was worn count, and only walking.",
        ),
        limit="A collar cannot tell rest from legs that do not move.",
    ),
    AlertKind(
        name="plan_phase",
        is_momentary=True,
        has_end=False,
        is_news_each_time=True,
        is_about_health=False,
        is_told_as_watch=True,
        title=(
            "{dog}: phase {phase:whole} of {phases:whole} begins",
            "{dog}: last day of phase {last_day_of:whole} of {phases:whole}",
            "{dog}: the recovery plan is over",
        ),
        about="a turn of the plan",
        seen=(
            (
                "Phase {phase:whole} of {phases:whole} of {dog}'s plan begins: "
                "{phase_days:n_days}, at most {cap_min:whole} active minutes a day, "
                "{walks:n_walks} of {planned_min:whole} minutes."
            ),
            (
                "Phase {phase:whole} of {phases:whole} of {dog}'s plan begins: "
                "{phase_days:n_days}, {walks:n_walks} of {planned_min:whole} minutes a "
                "day."
            ),
            (
                "Phase {phase:whole} of {phases:whole} of {dog}'s plan begins: "
                "{phase_days:n_days}, at most {cap_min:whole} active minutes a day."
            ),
            "Phase {phase:whole} of {phases:whole} of {dog}'s plan begins.",
            (
                "This is the last day of phase {last_day_of:whole} of {phases:whole} of "
                "{dog}'s plan."
            ),
            (
                "{dog}'s recovery plan is over. What now, and what stays forbidden, is your "
                "vet's to say."
            ),
        ),
        advice=("If {dog} got worse of late, ask your vet before going on.",),
        usual=("So says the plan in your settings.",),
        certainty=("How sure: it goes by the date alone.",),
        limit="A collar cannot see whether {dog} is ready for it.",
    ),
)
