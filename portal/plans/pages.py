"""National action plans and how they get on, for members, coordinators and observers."""

from typing import Any

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlite_utils import Database

from portal.actor import Actor
from portal.plans.answers import PlanProgress, show_plan
from portal.plans.forms import PlansWanted, read_wanted
from portal.plans.queries import PlansFound, find_plans, get_plan_for
from portal.plans.rules import MOVES, keeps_plans
from portal.web.documented import answers
from portal.web.guards import signed_in
from portal.web.page import page
from portal.web.site import site_of, today_of

Asked = Request[Any, Any, Any]
Db = NamedDependency[Database]
Who = NamedDependency[Actor]
Id = FromPath[str]


@get("/plans", sync_to_thread=True, guards=[signed_in], **answers(PlansFound, PlansWanted))
def plans(request: Asked, db: Db, actor: Who) -> Response[bytes]:
    """The plans of the countries, the latest first."""
    wanted = read_wanted(request.query_params, site_of(request).settings.countries)
    found = find_plans(db, actor, wanted)
    keeps = keeps_plans(actor)
    return page(request, "plans.html", json=found, found=found, wanted=wanted, keeps=keeps)


@get("/plans/{plan_id:str}", sync_to_thread=True, guards=[signed_in], **answers(PlanProgress))
def plan(request: Asked, plan_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """How a plan gets on, action by action."""
    found = show_plan(db, actor, today_of(request), get_plan_for(db, actor, plan_id))
    keeps = keeps_plans(actor)
    context: dict[str, Any] = {"found": found, "keeps": keeps, "moves": sorted(MOVES[found.state])}
    return page(request, "plan.html", block="content", json=found, **context)


@get("/plans/{plan_id:str}/print", sync_to_thread=True, guards=[signed_in], include_in_schema=False)
def plan_print(request: Asked, plan_id: Id, db: Db, actor: Who) -> Response[bytes]:
    """The same on paper."""
    found = show_plan(db, actor, today_of(request), get_plan_for(db, actor, plan_id))
    return page(request, "plan_print.html", block="content", found=found)


router = Router("/", route_handlers=[plans, plan, plan_print])
