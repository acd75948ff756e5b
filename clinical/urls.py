"""The site's own addresses. Whoever may not come finds nothing at any of them."""

from django.urls import path

from clinical.bench import views as bench
from clinical.clients import views as clients
from clinical.complaints import urls as complaint_urls
from clinical.consents import urls as consents
from clinical.contacts import urls as contact_urls
from clinical.desk import views as desk
from clinical.documents import urls as document_urls
from clinical.dropin import urls as dropin
from clinical.duty import views as duty
from clinical.emergency import reviews as emergency_reviews
from clinical.emergency import views as emergency
from clinical.encounters import urls as encounter_urls
from clinical.encounters import views as encounters
from clinical.episodes import urls as episodes
from clinical.field import urls as field_urls
from clinical.groups import urls as groups
from clinical.handoffs import views as handoffs
from clinical.handover import urls as handover_urls
from clinical.health import urls as health_urls
from clinical.importing import urls as import_urls
from clinical.instruments import urls as instrument_urls
from clinical.intake import views as intake
from clinical.ledgerdesk import views as ledgerdesk
from clinical.lives import urls as lives_urls
from clinical.lowering import urls as lowering_urls
from clinical.matching import views as matching
from clinical.merging import urls as merging
from clinical.plans import urls as plan_urls
from clinical.privacymap import urls as privacymap
from clinical.safecontact import urls as safecontact
from clinical.safety import urls as safety_urls
from clinical.search import views as search
from clinical.trauma import urls as trauma
from clinical.work import urls as work_urls
from clinical.worktime import urls as worktime

app_name = "clinical"

urlpatterns = [
    path("", desk.home, name="home"),
    path("tonight/", intake.tonight, name="tonight"),
    path("cards/<uuid:card_id>/", intake.card_page, name="card"),
    path("cards/<uuid:card_id>/open/", intake.open_card, name="open_card"),
    path("cards/<uuid:card_id>/take-in/", intake.take_in_card, name="take_in_card"),
    path("cards/<uuid:card_id>/known/", intake.find_known, name="find_known"),
    path("encounters/new/", intake.new_encounter, name="new_encounter"),
    path("encounters/<uuid:encounter_id>/", encounters.encounter_page, name="encounter"),
    path("encounters/<uuid:encounter_id>/arrived/", encounters.arrived, name="arrived"),
    path("encounters/<uuid:encounter_id>/scene/", encounters.scene, name="scene"),
    path("encounters/<uuid:encounter_id>/introduction/", encounters.introduction, name="introduction"),
    path("encounters/<uuid:encounter_id>/notes/", encounters.note, name="note"),
    path("encounters/<uuid:encounter_id>/leave/", encounters.leave, name="leave"),
    path(
        "encounters/<uuid:encounter_id>/leave/take-back/",
        encounters.take_back_leaving,
        name="take_back_leaving",
    ),
    *encounter_urls.urlpatterns,
    *field_urls.urlpatterns,
    path("clients/", clients.clients, name="clients"),
    path("clients/search/", search.search, name="search"),
    path("clients/search/suggest/", search.suggest, name="suggest"),
    path("clients/export/", clients.export_clients, name="export_clients"),
    path("clients/<uuid:subject_id>/", clients.client_page, name="client"),
    path("clients/<uuid:subject_id>/timeline/", clients.timeline_page, name="timeline"),
    *instrument_urls.urlpatterns,
    *plan_urls.urlpatterns,
    *safety_urls.urlpatterns,
    *contact_urls.urlpatterns,
    *document_urls.urlpatterns,
    *handover_urls.urlpatterns,
    path("clients/<uuid:subject_id>/who/", clients.edit_client, name="edit_client"),
    path("clients/<uuid:subject_id>/encounters/", clients.meet_again, name="meet_again"),
    *privacymap.urlpatterns,
    *consents.urlpatterns,
    path("clients/<uuid:subject_id>/refer/", handoffs.choose, name="choose_partner"),
    path("clients/<uuid:subject_id>/refer/<uuid:partner_id>/", handoffs.refer, name="refer"),
    *episodes.urlpatterns,
    *health_urls.urlpatterns,
    *import_urls.urlpatterns,
    *lowering_urls.urlpatterns,
    path("referrals/", handoffs.handoffs, name="handoffs"),
    path("referrals/<uuid:referral_id>/", handoffs.handoff, name="handoff"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("emergency/mine/", emergency.own, name="emergency_own"),
    path("emergency/mine/<uuid:access_id>/answer/", emergency.answer, name="emergency_answer"),
    path("emergency/reviews/", emergency_reviews.reviews, name="emergency_reviews"),
    path("emergency/reviews/<uuid:access_id>/", emergency_reviews.review, name="emergency_review"),
    path("emergency/reviews/<uuid:access_id>/stop/", emergency_reviews.stop, name="emergency_stop"),
    path("emergency/rates/", emergency_reviews.rates, name="emergency_rates"),
    path("emergency/alarms/<uuid:alarm_id>/", emergency_reviews.acknowledge, name="emergency_alarm"),
    path("emergency/<uuid:access_id>/", emergency.record, name="emergency_record"),
    path("emergency/<uuid:access_id>/end/", emergency.end, name="emergency_end"),
    path("refer-in/", intake.refer_in, name="refer_in"),
    path("refer-in/received/", intake.referred_in, name="referred_in"),
    path("matching/", matching.pairs, name="pairs"),
    path("matching/across/", matching.across, name="across"),
    path("matching/<uuid:pair_id>/", matching.pair, name="pair"),
    path("matching/<uuid:pair_id>/take-back/", matching.take_back, name="take_back_answer"),
    *complaint_urls.urlpatterns,
    *work_urls.urlpatterns,
    path("ledger/", ledgerdesk.ledger, name="ledger"),
    path("ledger/<uuid:entry_id>/", ledgerdesk.ledger_entry, name="ledger_entry"),
    path("post-box/", desk.postbox, name="postbox"),
    path("post-box/<uuid:envelope_id>/retry/", desk.retry, name="retry"),
    path("post-box/<uuid:envelope_id>/set-aside/", desk.set_aside, name="set_aside"),
    path("programs/", desk.programs, name="programs"),
    path("outreach/", duty.outreach, name="outreach"),
    *dropin.urlpatterns,
    *groups.urlpatterns,
    *merging.urlpatterns,
    *safecontact.urlpatterns,
    *trauma.urlpatterns,
    *worktime.urlpatterns,
    *lives_urls.urlpatterns,
    path("engine/", bench.bench, name="bench"),
    path("engine/scenarios/", bench.scenarios, name="bench_scenarios"),
    path("engine/scenarios/<uuid:scenario_id>/", bench.scenario, name="bench_scenario"),
    path("engine/scenarios/<uuid:scenario_id>/scenario.yaml", bench.download, name="bench_download"),
    path("engine/scenarios/<uuid:scenario_id>/delete/", bench.delete, name="bench_delete"),
]
